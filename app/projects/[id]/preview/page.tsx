import type { Metadata } from 'next'
import { PreviewPage } from './preview-page'

export const metadata: Metadata = { title: 'Preview' }

export default function Page() {
  return <PreviewPage />
}
