import type { Metadata } from 'next'
import { DataMode } from '@/designer/panels/data/data-mode'

export const metadata: Metadata = { title: 'Data' }

export default function DataPage() {
  return <DataMode />
}
