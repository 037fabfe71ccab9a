/**
 * Benchmarks against a peer on the same machine, in the same run, through public doors only.
 *
 * <p>Machines are noisy: what counts is the ratio of runs that alternate.
 */
@NullMarked
package dev.birgus.load;

import org.jspecify.annotations.NullMarked;
