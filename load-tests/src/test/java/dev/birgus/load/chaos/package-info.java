/**
 * Faults on purpose: real processes on a real broker are killed, frozen and starved at random.
 *
 * <p>What is counted is what a user would see: builds without an end, with two, or with a wrong
 * image.
 */
@NullMarked
package dev.birgus.load.chaos;

import org.jspecify.annotations.NullMarked;
