/**
 * The journal services write to, and the names of what stands beside its messages.
 *
 * <p>One dictionary, so that a log line means the same in every service.
 */
@NullMarked
package dev.birgus.infra.observe;

import org.jspecify.annotations.NullMarked;
