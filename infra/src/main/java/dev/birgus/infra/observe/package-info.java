/**
 * Names of log keys and metrics, and the redaction of secrets.
 *
 * <p>One dictionary, so that a log line means the same in every service.
 */
@NullMarked
package dev.birgus.infra.observe;

import org.jspecify.annotations.NullMarked;
