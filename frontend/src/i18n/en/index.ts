import { merge } from '../merge'

export default merge(import.meta.glob(['./*.json', '!./admin.json', '!./settings.json'], { eager: true, import: 'default' }))
