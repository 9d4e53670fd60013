import type { Metadata } from 'next'
import { FlowsMode } from '@/designer/panels/flows/flows-mode'

export const metadata: Metadata = { title: 'Flows' }

export default function FlowsPage() {
  return <FlowsMode />
}
