import dynamic from 'next/dynamic'

/** Monaco and its JSON language are large: they come when the file is looked at, and not before. */
const DocumentView = dynamic(() => import('./document-view').then((module) => module.DocumentView), {
  ssr: false,
  loading: () => <DocumentSkeleton />,
})

/** The project as its file: edits here are edits of the project. */
export function DocumentPanel() {
  return <DocumentView />
}

function DocumentSkeleton() {
  return (
    <div className="grid gap-2 p-4" aria-hidden>
      {[30, 52, 44, 60, 38].map((width) => (
        <div key={width} className="skeleton h-3" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
