export { PreviewMode, type PreviewModeProps } from './preview-mode'
