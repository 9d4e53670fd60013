/** React Flow with nothing of ours: what the canvas is measured against. Built and shown by the test alone. */
import { type Edge, type Node, ReactFlow, useNodesState } from '@xyflow/react'
import { createRoot } from 'react-dom/client'

declare global {
  interface Window {
    readonly bareNodes: Node[]
    readonly bareEdges: Edge[]
    readonly bareZoom: number
  }
}

function BareCanvas() {
  const [nodes, , onNodesChange] = useNodesState(window.bareNodes)
  return (
    <ReactFlow
      nodes={nodes}
      edges={window.bareEdges}
      onNodesChange={onNodesChange}
      defaultViewport={{ x: 0, y: 0, zoom: window.bareZoom }}
      minZoom={0.05}
    />
  )
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<BareCanvas />)
