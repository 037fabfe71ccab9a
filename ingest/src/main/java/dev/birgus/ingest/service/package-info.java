/**
 * A request becomes BuildRequested.
 *
 * <p>What a user asked for is checked and completed here, so that the planner finds nothing
 * missing.
 */
@NullMarked
package dev.birgus.ingest.service;

import org.jspecify.annotations.NullMarked;
