/**
 * Names of base images become images with digest and configuration.
 *
 * <p>The only room of the planner that reaches outside, behind one interface.
 */
@NullMarked
package dev.birgus.planner.resolve;

import org.jspecify.annotations.NullMarked;
