import { ListPlus, RefreshCw } from 'lucide-react'
import { useSession } from '@/designer/stores/session'
import { IconButton } from '../ui/icon-button'

/** Beside the search of the server's tables: what is done with all of them. */
export function SchemaActions() {
  const { panels } = useSession()
  return (
    <>
      <IconButton label="Add entities from the database…" onClick={() => panels.setState({ picker: true })}>
        <ListPlus />
      </IconButton>
      <IconButton label="Read the database again…" onClick={() => panels.setState({ reimport: true })}>
        <RefreshCw />
      </IconButton>
    </>
  )
}
