import type { ReactNode } from 'react'
import { Workbench } from '@/designer/panels/shell/workbench'

interface Props {
  readonly children: ReactNode
  readonly params: Promise<{ id: string }>
}

export default async function ProjectLayout({ children, params }: Props) {
  const { id } = await params
  return (
    <Workbench key={id} projectId={id}>
      {children}
    </Workbench>
  )
}
