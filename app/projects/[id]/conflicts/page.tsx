import type { Metadata } from 'next'
import { ConflictsMode } from '@/designer/panels/conflicts/conflicts-mode'

export const metadata: Metadata = { title: 'Conflicts' }

export default function ConflictsPage() {
  return <ConflictsMode />
}
