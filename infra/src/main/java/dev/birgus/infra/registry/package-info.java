/**
 * The door to container registries: the pull and push half of the OCI distribution specification.
 *
 * <p>It is the only room that speaks to a registry, so credentials, retries and trust are decided
 * in one place.
 */
@NullMarked
package dev.birgus.infra.registry;

import org.jspecify.annotations.NullMarked;
