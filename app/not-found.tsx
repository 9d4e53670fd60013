import Link from 'next/link'

export default function NotFound() {
  return (
    <main className="empty-state">
      <h2>There is nothing at this address</h2>
      <p>The page may have moved, or the address is incomplete.</p>
      <Link href="/" className="btn">
        All projects
      </Link>
    </main>
  )
}
