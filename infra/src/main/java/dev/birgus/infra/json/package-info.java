/**
 * JSON documents as immutable values: what a registry or a user sent is kept field by field, also
 * the fields we do not know.
 *
 * <p>It exists so that the pure rooms can read and write manifests without a mapper that drops or
 * refuses new fields.
 */
@NullMarked
package dev.birgus.infra.json;

import org.jspecify.annotations.NullMarked;
