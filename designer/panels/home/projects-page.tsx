'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Logo } from '../ui/logo'
import { ThemeMenu } from '../ui/theme'
import { useToast } from '../ui/toasts'
import { DropTarget } from './drop-target'
import { ImportDialog } from './import-dialog'
import { RecentProjects } from './recent-projects'
import { useOpenProject } from './use-open-project'
import { WaysIn } from './ways-in'

export function ProjectsPage() {
  const [importing, setImporting] = useState<{ readonly file: File | null } | null>(null)
  const open = useOpenProject()
  const router = useRouter()
  const toast = useToast()

  useEffect(() => {
    document.title = 'Syncline'
  }, [])

  const takeFile = (file: File) => {
    if (/\.json$/i.test(file.name)) open.file(file)
    else if (/\.sql$/i.test(file.name)) setImporting({ file })
    else toast({ message: `${file.name} is neither a .sql dump nor a .syncline.json project.`, urgent: true })
  }

  return (
    <DropTarget onFile={takeFile}>
      <header className="toolbar sticky top-0 z-10 px-4">
        <Logo />
        <span className="font-semibold">Syncline</span>
        <div className="ml-auto">
          <ThemeMenu />
        </div>
      </header>
      <main className="mx-auto grid w-full max-w-[960px] gap-10 px-6 pt-14 pb-16">
        <div className="grid gap-2">
          <h1 className="text-xl">Take a PostgreSQL database offline</h1>
          <p className="max-w-[68ch] text-base text-ink-muted">
            Choose the tables that an app needs, decide how each of them syncs, watch two devices run it, and export
            typed code.
          </p>
        </div>
        <WaysIn open={open} onImport={() => setImporting({ file: null })} />
        <RecentProjects />
      </main>
      {importing && (
        <ImportDialog
          initialFile={importing.file}
          onClose={() => setImporting(null)}
          onOpen={(address) => router.push(address)}
        />
      )}
    </DropTarget>
  )
}
