import { useCallback } from 'react'
import { useTheme } from '@/designer/panels/ui/theme'
import { useSession } from '@/designer/stores/session'
import { projectToSvg } from './project-to-svg'

/** Hands the picture to the browser as a file, in the theme that is shown. */
export function useExportPicture(): () => void {
  const { project, announce } = useSession()
  const { shown } = useTheme()
  return useCallback(() => {
    const { project: now } = project.getState().history
    const url = URL.createObjectURL(new Blob([projectToSvg(now, shown)], { type: 'image/svg+xml' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${now.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-') || 'project'}.svg`
    link.click()
    URL.revokeObjectURL(url)
    announce('Exported the picture')
  }, [project, announce, shown])
}
