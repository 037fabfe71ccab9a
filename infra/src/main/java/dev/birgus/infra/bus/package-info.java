/**
 * The event bus: topics with order per key, and work queues that hand one job to one free slot.
 *
 * <p>The in-memory bus serves one process, the Kafka bus many; both pass the same contract kit.
 */
@NullMarked
package dev.birgus.infra.bus;

import org.jspecify.annotations.NullMarked;
