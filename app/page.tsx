import { ProjectsPage } from '@/designer/panels/home/projects-page'

export default function Page() {
  return <ProjectsPage />
}
