import { merge } from '../merge'

export default merge(import.meta.glob(['./*.json', '!./admin.json', '!./auth.json', '!./decks.json', '!./inbox.json', '!./notes.json', '!./schedule.json', '!./settings.json', '!./statistics.json', '!./study.json', '!./today.json'], { eager: true, import: 'default' }))
