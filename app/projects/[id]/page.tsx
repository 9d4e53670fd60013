import { redirect } from 'next/navigation'

export default async function ProjectPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const { id } = await params
  redirect(`/projects/${id}/data`)
}
