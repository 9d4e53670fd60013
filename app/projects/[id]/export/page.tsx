import type { Metadata } from 'next'
import { ExportMode } from '@/designer/panels/export/export-mode'

export const metadata: Metadata = { title: 'Export' }

export default function ExportPage() {
  return <ExportMode />
}
