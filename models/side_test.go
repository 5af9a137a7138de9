package models

import "testing"

func TestSides(t *testing.T) {
	front := map[string]string{"Front": "hola", "Back": "hello"}
	text := func(text, extra string) map[string]string { return map[string]string{"Text": text, "Extra": extra} }
	for _, tt := range []struct {
		name, kind       string
		fields           map[string]string
		ord              int
		question, answer string
	}{
		{"basic", noteBasic, front, 0, "hola", "hello"},
		{"reversed", noteReversed, front, 0, "hola", "hello"},
		{"reversed, the other way", noteReversed, front, 1, "hello", "hola"},
		{"cloze", noteCloze, text("{{c1::Madrid}} is in {{c2::Spain}}", ""), 0, "**[…]** is in Spain", "**Madrid** is in Spain"},
		{"cloze, the second", noteCloze, text("{{c1::Madrid}} is in {{c2::Spain}}", ""), 1, "Madrid is in **[…]**", "Madrid is in **Spain**"},
		{"hint", noteCloze, text("{{c1::Madrid::city}} is in {{c2::Spain::land}}", ""), 0, "**[city]** is in Spain", "**Madrid** is in Spain"},
		{"extra", noteCloze, text("{{c1::a}}\n", "*more*"), 0, "**[…]**\n", "**a**\n\n*more*"},
		{"blank extra", noteCloze, text("{{c1::a}}", " \n"), 0, "**[…]**", "**a**"},
		{"twice the number", noteCloze, text("{{c1::a}} b {{c1::c}}", ""), 0, "**[…]** b **[…]**", "**a** b **c**"},
		{"side by side", noteCloze, text("{{c1::a}}{{c1::b}}", ""), 0, "**[…][…]**", "**ab**"},
		{"outer", noteCloze, text("{{c1::a {{c2::b}} c}}", ""), 0, "**[…]**", "**a b c**"},
		{"inner", noteCloze, text("{{c1::a {{c2::b}} c}}", ""), 1, "a **[…]** c", "a **b** c"},
		{"spaces", noteCloze, text("x{{c1:: a }}y", ""), 0, "x&#8288;**[…]**&#8288;y", "x **a** y"},
		{"within a word", noteCloze, text("Ma{{c1::dri}}d", ""), 0, "Ma&#8288;**[…]**&#8288;d", "Ma**dri**d"},
		{"Chinese", noteCloze, text("首都是{{c1::东京}}。", ""), 0, "首都是&#8288;**[…]**。", "首都是**东京**。"},
		{"Chinese quotes", noteCloze, text("他说{{c1::「好」}}吗", ""), 0, "他说&#8288;**[…]**&#8288;吗", "他说&#8288;**「好」**&#8288;吗"},
		{"many lines", noteCloze, text("{{c1::- a\n- b}}", ""), 0, "**[…]**", "- a\n- b"},
		{"in code", noteCloze, text("`x = {{c1::5}}` {{c1::6}}", ""), 0, "`x = […]` **[…]**", "`x = 5` **6**"},
		{"all code", noteCloze, text("{{c1::`x`}}", ""), 0, "**[…]**", "**`x`**"},
		{"in a fence", noteCloze, text("```go\nx := {{c1::5}}\n```\n{{c1::6}}", ""), 0, "```go\nx := […]\n```\n**[…]**", "```go\nx := 5\n```\n**6**"},
		{"in a formula", noteCloze, text(`$\frac{{{c1::a}}}{b}$`, ""), 0, `$\frac{[…]}{b}$`, `$\frac{a}{b}$`},
		{"in a block formula", noteCloze, text("$$x = {{c1::y}}$$", ""), 0, "$$x = […]$$", "$$x = y$$"},
		{"prices", noteCloze, text("from $5 {{c1::to}} $6", ""), 0, "from $5 **[…]** $6", "from $5 **to** $6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			question, answer := sides(tt.kind, tt.fields, tt.ord)
			if question != tt.question || answer != tt.answer {
				t.Errorf("question %q, want %q\nanswer %q, want %q", question, tt.question, answer, tt.answer)
			}
		})
	}
}

func TestHeadline(t *testing.T) {
	for _, tt := range []struct{ kind, first, want string }{
		{noteBasic, "**hola** _amigo_", "hola amigo"},
		{noteCloze, "{{c1::Madrid}} is in {{c2::Spain::land}}", "[…] is in [land]"},
		{noteCloze, "{{c1::a {{c2::b}}}}!", "[…]!"},
	} {
		n := content{kind: tt.kind, fields: map[string]string{fieldNames(tt.kind)[0]: tt.first}}
		if got := n.headline(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
