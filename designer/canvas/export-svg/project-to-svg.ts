/** The picture of a project's local entities, drawn from the model and not from the page: it has all that is there. */

import { attributeOrigin, originType } from '@/designer/model/attribute-origin'
import { CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import { cardRows, isKeyRow, referringAttributes } from '@/designer/model/card-rows'
import type { LocalAttribute, LocalEntity, PatternKind, Project } from '@/designer/model/project'
import { counted } from '@/designer/panels/ui/format'
import { groupHueNumber } from '@/designer/panels/ui/group-hue'
import { PATTERN_SIGNS } from '@/designer/panels/ui/pattern-sign'
import { shortTypeName } from '@/designer/panels/ui/type-name'
import {
  CARD_HEADER_PX,
  CARD_ROW_PX,
  type DataNode,
  dataNodes,
  dataParts,
  type EntityNode,
  type ForeignKeyEdge,
  type FrameNode,
  foreignKeyEdges,
  NOTHING_SELECTED,
  type NoteNode,
  routedEdges,
} from '../data-mapping'
import { barAt, forkAt, roundedPath } from '../reference-path'
import { PICTURE_THEMES, type PictureTheme } from './picture-theme'
import { type Attributes, element, escapeXml, fitted, wrapped } from './svg-text'

const MARGIN_PX = 40
const FOOTER_PX = 32
/** How wide signs are in the code font at 12 px, and in the other one on average. */
const CODE_SIGN_PX = 7.3
const TEXT_SIGN_PX = 6.4

const CODE_FONT = "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace"
const TEXT_FONT = "'Inter Variable', Inter, system-ui, sans-serif"

/** As in the tokens; a file can't read them. */
const PATTERN_HUES: Readonly<Record<PatternKind, number>> = {
  'read-only': 235,
  'read-only-delta': 245,
  'last-write-wins': 300,
  'conflict-detection': 70,
  'one-to-many': 340,
  'append-only': 150,
  merge: 190,
  'on-demand': 110,
}

export function projectToSvg(project: Project, themeName: 'light' | 'dark'): string {
  const theme = PICTURE_THEMES[themeName]
  const nodes = dataNodes(dataParts(project), NOTHING_SELECTED, [])
  const edges = routedEdges(foreignKeyEdges(project), nodes, new Map())
  const box = bounds(nodes, edges)
  const parts = [
    element('rect', { x: box.x, y: box.y, width: box.width, height: box.height, fill: theme.ground }),
    ...nodes.filter((node) => node.type === 'frame').map((node) => frame(project, node, theme)),
    ...edges.map((edge) => reference(edge, theme)),
    ...nodes.filter((node) => node.type === 'entity').map((node) => card(project, node, theme)),
    ...nodes.filter((node) => node.type === 'note').map((node) => note(project, node, theme)),
  ]
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
      width: box.width,
      height: box.height,
      'font-family': TEXT_FONT,
      'font-size': 12,
    },
    `<title>${escapeXml(project.name)}</title>\n${parts.join('\n')}\n`,
  )
}

function bounds(nodes: readonly DataNode[], edges: readonly ForeignKeyEdge[]) {
  const points = [
    ...nodes.flatMap(({ position: { x, y }, width = 0, height = 0 }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...edges.flatMap(({ data }) => data?.way?.corners ?? []),
  ]
  // Spread over an argument list, thousands of points would not fit.
  const extent = points.reduce(
    (all, { x, y }) => ({
      left: Math.min(all.left, x),
      top: Math.min(all.top, y),
      right: Math.max(all.right, x),
      bottom: Math.max(all.bottom, y),
    }),
    points.length === 0
      ? { left: 0, top: 0, right: 0, bottom: 0 }
      : { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  )
  const [x, y] = [Math.floor(extent.left - MARGIN_PX), Math.floor(extent.top - MARGIN_PX)]
  return { x, y, width: Math.ceil(extent.right + MARGIN_PX) - x, height: Math.ceil(extent.bottom + MARGIN_PX) - y }
}

function frame(project: Project, { data, position, width = 0, height = 0 }: FrameNode, theme: PictureTheme): string {
  const group = project.groups[data.group]
  if (group === undefined) return ''
  const { ink, soft, line } = theme.hued(groupHueNumber(group.hue))
  return [
    element('rect', { ...position, width, height, rx: 10, fill: soft, 'fill-opacity': 0.45, stroke: line }),
    text(position.x + 14, position.y + 24, fitted(group.name, width - 28, 7.4), {
      fill: ink,
      'font-size': 13,
      'font-weight': 600,
    }),
  ].join('')
}

function reference({ data }: ForeignKeyEdge, theme: PictureTheme): string {
  const route = data?.way?.corners
  if (!data || !route || route.length < 2) return ''
  const way: Attributes = data.whole ? {} : { 'stroke-dasharray': '4 4' }
  return element(
    'g',
    { fill: 'none', stroke: theme.reference, 'stroke-width': 1.25 },
    [
      `<title>${escapeXml(data.name)}</title>`,
      element('path', { d: roundedPath(route), ...way }),
      element('path', { d: forkAt(route) }),
      element('path', { d: barAt(route) }),
    ].join(''),
  )
}

function card(project: Project, { id, position: { x, y } }: EntityNode, theme: PictureTheme): string {
  const entity = project.localEntities[id]
  if (entity === undefined) return ''
  const root = project.serverEntities[entity.root]
  const height = cardHeight(Object.keys(entity.attributes).length)
  const { label } = PATTERN_SIGNS[entity.pattern.kind]
  const { ink, soft } = theme.hued(PATTERN_HUES[entity.pattern.kind])
  const { shown, hidden } = cardRows(entity, root)
  const references = referringAttributes(root)
  const footTop = y + height - FOOTER_PX
  const rows = root?.rowEstimate == null ? 'rows unknown' : counted(root.rowEstimate, 'row')
  const line = (top: number) => element('line', { x1: x, x2: x + CARD_WIDTH, y1: top, y2: top, stroke: theme.line })
  return element(
    'g',
    { 'data-entity': entity.name },
    [
      element('rect', { x, y, width: CARD_WIDTH, height, rx: 8, fill: theme.card, stroke: theme.lineStrong }),
      element('rect', { x: x + 10, y: y + 9, width: 26, height: 26, rx: 6, fill: soft }),
      text(x + 23, y + 27, label.charAt(0), {
        fill: ink,
        'font-weight': 600,
        'text-anchor': 'middle',
        'font-size': 14,
      }),
      text(x + 44, y + 20, fitted(entity.name, CARD_WIDTH - 54, 7.9), {
        fill: theme.ink,
        'font-family': CODE_FONT,
        'font-size': 13,
        'font-weight': 600,
      }),
      text(x + 44, y + 35, label, { fill: ink }),
      line(y + CARD_HEADER_PX),
      ...shown.map((attribute, index) =>
        row(project, entity, attribute, references, x, y + CARD_HEADER_PX + index * CARD_ROW_PX, theme),
      ),
      hidden.length > 0
        ? text(x + 30, y + CARD_HEADER_PX + shown.length * CARD_ROW_PX + 18, `${hidden.length} more`, {
            fill: theme.inkMuted,
            'font-family': CODE_FONT,
          })
        : '',
      line(footTop),
      text(x + 12, footTop + 20, rows, { fill: theme.inkMuted }),
    ].join(''),
  )
}

function row(
  project: Project,
  entity: LocalEntity,
  attribute: LocalAttribute,
  references: ReadonlySet<string>,
  x: number,
  top: number,
  theme: PictureTheme,
): string {
  const origin = attributeOrigin(project, entity, attribute)
  const type = originType(origin)
  const nullable = (origin.kind === 'column' || origin.kind === 'path') && origin.server.nullable
  const written =
    origin.kind === 'path' ? origin.table.name : type ? shortTypeName(type.type) + (nullable ? '?' : '') : 'missing'
  const { source } = attribute
  const isKey = isKeyRow(attribute, project.serverEntities[entity.root])
  const [sign, fill, meaning] = isKey
    ? ['◆', theme.key, 'key']
    : source.kind === 'denormalised'
      ? ['↳', theme.derived, 'denormalised']
      : source.kind === 'computed'
        ? ['=', theme.derived, 'computed']
        : references.has(source.attribute)
          ? ['→', theme.reference, 'reference']
          : ['', theme.inkMuted, '']
  const note = fitted(written, CARD_WIDTH * 0.42, CODE_SIGN_PX)
  return [
    sign === ''
      ? ''
      : element('text', { x: x + 12, y: top + 18, fill, 'font-size': 11 }, `<title>${meaning}</title>${sign}`),
    text(x + 30, top + 18, fitted(attribute.name, CARD_WIDTH - 50 - note.length * CODE_SIGN_PX, CODE_SIGN_PX), {
      fill: theme.ink,
      'font-family': CODE_FONT,
    }),
    text(x + CARD_WIDTH - 12, top + 18, note, {
      fill: theme.inkMuted,
      'font-family': CODE_FONT,
      'text-anchor': 'end',
    }),
  ].join('')
}

const NOTE_LINE_PX = 18

function note(
  project: Project,
  { data, position: { x, y }, width = 0, height = 0 }: NoteNode,
  theme: PictureTheme,
): string {
  const lines = wrapped(project.notes[data.note]?.text ?? '', Math.max(8, Math.floor((width - 24) / TEXT_SIGN_PX)))
  const shown = lines.slice(0, Math.max(1, Math.floor((height - 16) / NOTE_LINE_PX)))
  return [
    element('rect', { x, y, width, height, rx: 8, fill: theme.note, stroke: theme.line }),
    ...shown.map((line, index) =>
      text(x + 12, y + 24 + index * NOTE_LINE_PX, line, { fill: theme.ink, 'font-size': 13 }),
    ),
  ].join('')
}

const text = (x: number, y: number, content: string, attributes: Readonly<Record<string, string | number>>): string =>
  content === '' ? '' : element('text', { x, y, ...attributes }, escapeXml(content))
