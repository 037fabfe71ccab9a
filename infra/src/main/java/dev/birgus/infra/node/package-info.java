/**
 * The state folder of a node: the folders processes have in it for a time, what is kept in it for
 * later builds, and who uses what of that. Several processes share it, and any may be killed at any
 * moment: locks of the kernel say who lives, and renames make what is kept come and go.
 */
@NullMarked
package dev.birgus.infra.node;

import org.jspecify.annotations.NullMarked;
