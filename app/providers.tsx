'use client'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { type ReactNode, useState } from 'react'
import superjson from 'superjson'
import { AnnouncerProvider } from '@/designer/panels/ui/announcer'
import { TabMovesProvider } from '@/designer/panels/ui/tab-moves'
import { ToastsProvider } from '@/designer/panels/ui/toasts'
import type { AppRouter } from '@/designer/server/router'
import { TRPCProvider } from '@/designer/stores/trpc'

export function Providers({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient)
  const [trpcClient] = useState(createClient)
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <Tooltip.Provider delay={450}>
          <ToastsProvider>
            <AnnouncerProvider>
              <TabMovesProvider>{children}</TabMovesProvider>
            </AnnouncerProvider>
          </ToastsProvider>
        </Tooltip.Provider>
      </TRPCProvider>
    </QueryClientProvider>
  )
}

const createQueryClient = () =>
  new QueryClient({ defaultOptions: { queries: { staleTime: 5000, retry: 1, refetchOnWindowFocus: true } } })

const createClient = () =>
  createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/api/trpc', transformer: superjson })] })
