/**
 * The event bus on Kafka: a cluster of processes, where events outlive each of them.
 *
 * <p>Topics are read by plain clients on threads of their own; jobs are taken from share groups
 * (KIP-932) and leased while they run. Nothing outside of this package sees Kafka.
 */
@NullMarked
package dev.birgus.infra.bus.kafka;

import org.jspecify.annotations.NullMarked;
