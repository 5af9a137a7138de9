package controllers

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"aoki/models"
)

// theValidator is a cache of struct tags, nothing else; it is never changed after
// it is made.
var theValidator = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
})

// validateStruct checks the `validate` tags of a request, a pointer to a struct; its error is
// validation_failed and names all the fields that are wrong.
func validateStruct(req any) error {
	if v := reflect.ValueOf(req).Elem(); v.Kind() == reflect.Struct && rulesOf(v.Type()).pass(v) {
		return nil
	}
	return byValidator(req)
}

// byValidator is validateStruct for every struct there can be.
func byValidator(req any) error {
	err := theValidator().Struct(req)
	if err == nil {
		return nil
	}
	var wrong validator.ValidationErrors
	if !errors.As(err, &wrong) {
		return err
	}
	e := models.Errorf(models.Invalid, "some fields are not valid")
	root := deref(reflect.TypeOf(req)).Name() + "." // alone when the type has no name
	for _, w := range wrong {
		path := strings.TrimPrefix(w.Namespace(), root)
		e.Fields = append(e.Fields, models.Field{Field: path, Message: ruleText(w)})
	}
	if len(e.Fields) == 1 {
		e.Message = e.Fields[0].Field + " " + e.Fields[0].Message
	}
	return e
}

func ruleText(w validator.FieldError) string {
	unit := ""
	switch w.Kind() {
	case reflect.String:
		unit = " characters long"
	case reflect.Slice, reflect.Map, reflect.Array:
		unit = " items"
	}
	switch w.Tag() {
	case "required":
		return "is needed"
	case "min", "gte":
		return "must be at least " + w.Param() + unit
	case "max", "lte":
		return "must be at most " + w.Param() + unit
	case "oneof":
		return "must be one of " + strings.Join(strings.Fields(w.Param()), ", ")
	case "eq":
		return "must be " + w.Param()
	}
	return "is not valid"
}

// jsonKind is what a Go type wants in JSON, for people.
func jsonKind(t reflect.Type) string {
	switch deref(t).Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.String:
		return "text"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
