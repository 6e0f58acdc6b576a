// How well a tunnel carries packets, in the states of the product's documents.

export type TunnelState = 'healthy' | 'degraded' | 'down';
