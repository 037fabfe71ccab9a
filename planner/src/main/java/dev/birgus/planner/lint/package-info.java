/**
 * What is worth saying about a Dockerfile that can be built all the same: the build checks, with
 * the names BuildKit gives them, and birgus's own.
 *
 * <p>Pure: a check sees the text, its instructions and what is known of base images, and gives
 * findings with their places. The rules are data, so the page of the documentation and the output
 * for machines are made from the same table.
 */
@NullMarked
package dev.birgus.planner.lint;

import org.jspecify.annotations.NullMarked;
