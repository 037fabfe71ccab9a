/**
 * Benchmarks of the pipeline: builds sent to servers of several processes, through their API. They
 * fill a table of their own, whose sides are two states of birgus.
 */
@NullMarked
package dev.birgus.load.pipeline;

import org.jspecify.annotations.NullMarked;
