/** What of a project the advice reads, so that nothing is reckoned anew when a card is moved. */
import type { Project } from '@/designer/model'

export type Design = Pick<Project, 'serverEntities' | 'serverTypes' | 'localEntities' | 'syncUnits' | 'requirements'>
