/**
 * A stage from its base to its last layer.
 *
 * <p>The executor of a stage and what is wrapped around it are put together in one visible place.
 */
@NullMarked
package dev.birgus.executor.stage;

import org.jspecify.annotations.NullMarked;
