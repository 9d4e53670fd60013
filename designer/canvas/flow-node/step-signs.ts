import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Bell,
  Check,
  CircleCheck,
  CirclePlay,
  CircleStop,
  CircleX,
  Clock,
  Code,
  Filter,
  GitBranch,
  GitCompare,
  GitMerge,
  type LucideIcon,
  Network,
  RefreshCw,
  Repeat,
  Search,
  ShieldCheck,
  Split,
  Trash2,
  Variable,
  Workflow,
  Zap,
} from 'lucide-react'
import type { CSSProperties } from 'react'
import type { FlowNode } from '@/designer/model/project'

interface Sign {
  readonly title: string
  readonly Icon: LucideIcon
  readonly hue: number
  /** One sentence: what the step does when it runs. */
  readonly does: string
}

/** Each kind of step has a name, an icon and a hue of its own. */
export const STEP_SIGNS: Readonly<Record<FlowNode['kind'], Sign>> = {
  start: {
    title: 'Start',
    Icon: CirclePlay,
    hue: 150,
    does: 'The unit’s run begins: a trigger fired, or the app asked for it.',
  },
  push: {
    title: 'Push',
    Icon: ArrowUpFromLine,
    hue: 300,
    does: 'Sends the edits that wait on this device, in the order in which they were made.',
  },
  pull: {
    title: 'Pull',
    Icon: ArrowDownToLine,
    hue: 240,
    does: 'Fetches what changed on the server since the last time, all at one moment, and applies it in one transaction.',
  },
  'full-refresh': {
    title: 'Full refresh',
    Icon: RefreshCw,
    hue: 240,
    does: 'Fetches all rows anew, keeps them aside, and swaps them in at once.',
  },
  'check-conflicts': {
    title: 'Check conflicts',
    Icon: GitCompare,
    hue: 70,
    does: 'Keeps the edits whose conflict waits for a person, or asks the handler where it runs on the device.',
  },
  if: { title: 'If', Icon: GitBranch, hue: 110, does: 'Goes one of two ways.' },
  switch: { title: 'Switch', Icon: Split, hue: 110, does: 'Goes one of several ways.' },
  'for-each': { title: 'For each', Icon: Repeat, hue: 110, does: 'Runs its steps once for each item.' },
  parallel: { title: 'Parallel', Icon: Network, hue: 110, does: 'Runs several ways at once.' },
  retry: { title: 'Retry', Icon: RefreshCw, hue: 110, does: 'Runs its steps again where they failed.' },
  'try-catch': { title: 'Try', Icon: ShieldCheck, hue: 110, does: 'Goes another way where its steps fail.' },
  delay: { title: 'Delay', Icon: Clock, hue: 110, does: 'Waits.' },
  'query-local': { title: 'Query', Icon: Search, hue: 205, does: 'Reads rows on the device.' },
  'set-variable': { title: 'Set variable', Icon: Variable, hue: 205, does: 'Keeps a value for later steps.' },
  transform: { title: 'Transform', Icon: Code, hue: 20, does: 'Runs code of your own.' },
  'server-action': { title: 'Server action', Icon: Zap, hue: 20, does: 'Calls an action on the server.' },
  'sub-flow': { title: 'Sub-flow', Icon: Workflow, hue: 205, does: 'Runs another flow.' },
  purge: { title: 'Purge', Icon: Trash2, hue: 25, does: 'Removes rows from the device that the server now has.' },
  notify: { title: 'Notify', Icon: Bell, hue: 205, does: 'Tells the app something.' },
  stop: { title: 'Stop', Icon: CircleStop, hue: 150, does: 'The run has ended; the app hears of it.' },
  fail: { title: 'Fail', Icon: CircleX, hue: 25, does: 'Ends the run as failed.' },
  validate: {
    title: 'Validate',
    Icon: ShieldCheck,
    hue: 190,
    does: 'Checks each edit that arrived: does the user’s device have this table, may it write it, do the values fit. What does not is refused and goes to the device’s quarantine.',
  },
  'detect-conflicts': {
    title: 'Detect conflicts',
    Icon: GitCompare,
    hue: 70,
    does: 'Finds edits of rows that others changed meanwhile, and what would tear a parent from its children.',
  },
  resolve: {
    title: 'Resolve',
    Icon: GitMerge,
    hue: 70,
    does: 'Decides what stays: by the conflict handler, or value by value where the pattern merges.',
  },
  apply: {
    title: 'Apply',
    Icon: Check,
    hue: 150,
    does: 'Writes each group of edits in one transaction, exactly once: a group that came before is recognised and not written again.',
  },
  reject: { title: 'Reject', Icon: CircleX, hue: 25, does: 'Refuses the edit.' },
  action: { title: 'Action', Icon: Zap, hue: 20, does: 'Runs code of your own on the server.' },
  scope: {
    title: 'Scope',
    Icon: Filter,
    hue: 240,
    does: 'Chooses the rows that belong on the device, and of those the ones that changed since its cursor.',
  },
  'transform-rows': {
    title: 'Transform rows',
    Icon: CircleCheck,
    hue: 20,
    does: 'Changes rows on their way to the device.',
  },
}

export function stepHue(kind: FlowNode['kind']): CSSProperties {
  return { '--hue': STEP_SIGNS[kind].hue } as CSSProperties
}
