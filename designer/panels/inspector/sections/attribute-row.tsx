import { CircleAlert, CloudDownload, GripVertical, ListFilter, Lock, Minus, Paperclip, PencilOff } from 'lucide-react'
import { type PointerEvent, useMemo } from 'react'
import { attributeOrigin, attributeRole, originInWords, originType } from '@/designer/model/attribute-origin'
import type { LocalAttribute, LocalEntity } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'
import { IconButton } from '../../ui/icon-button'
import { shortTypeName } from '../../ui/type-name'
import { OriginSign } from './origin-sign'

export interface AttributeRowActions {
  readonly open: (id: string) => void
  readonly remove: (id: string) => void
  readonly startDrag: (id: string, event: PointerEvent) => void
}

interface Props {
  readonly entity: LocalEntity
  readonly attribute: LocalAttribute
  readonly isIndexed: boolean
  readonly isWrong: boolean
  readonly isStop: boolean
  readonly isDragged: boolean
  readonly drop: 'before' | 'after' | undefined
  readonly actions: AttributeRowActions
}

export function AttributeRow({ entity, attribute, isIndexed, isWrong, isStop, isDragged, drop, actions }: Props) {
  const serverEntities = useProject((project) => project.serverEntities)
  const { origin, role } = useMemo(
    () => ({
      origin: attributeOrigin({ serverEntities }, entity, attribute),
      role: attributeRole({ serverEntities }, entity, attribute),
    }),
    [serverEntities, entity, attribute],
  )
  const type = originType(origin)
  const mayBeEmpty = origin.kind === 'path' || (origin.kind === 'column' && origin.server.nullable)
  const { id, name } = attribute
  const from = role.derived ? `${name}, ${originInWords(origin)}` : undefined
  return (
    <li
      className="attribute-row group"
      data-attribute={id}
      data-dragged={isDragged ? '' : undefined}
      data-drop={drop}
      title={from}
    >
      <span className="drag-handle" aria-hidden onPointerDown={(event) => actions.startDrag(id, event)}>
        <GripVertical />
      </span>
      <button
        type="button"
        className="row row-interactive min-w-0 flex-1"
        tabIndex={isStop ? 0 : -1}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={() => actions.open(id)}
      >
        <OriginSign origin={origin} role={role} />
        <span className="name row-text">{name}</span>
        {isWrong && <CircleAlert className="text-error!" aria-label="has a problem" />}
        {attribute.sensitive && <Lock aria-label="encrypted" />}
        {attribute.transfer === 'on-demand' && <CloudDownload aria-label="on demand" />}
        {attribute.transfer === 'file' && <Paperclip aria-label="as a file" />}
        {isIndexed && <ListFilter aria-label="indexed" />}
        {attribute.readOnly && !role.derived && <PencilOff aria-label="read-only" />}
        <span className="name row-note max-w-[46%] overflow-hidden text-ellipsis">
          {type === null ? 'gone' : shortTypeName(type.type)}
          {mayBeEmpty && !attribute.required && '?'}
        </span>
      </button>
      {role.isKey ? (
        <span className="w-7 flex-none" />
      ) : (
        <IconButton
          label={`Leave out ${name}`}
          side="left"
          className="opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100"
          tabIndex={-1}
          onClick={() => actions.remove(id)}
        >
          <Minus />
        </IconButton>
      )}
    </li>
  )
}
