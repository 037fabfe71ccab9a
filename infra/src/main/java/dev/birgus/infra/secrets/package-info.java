/**
 * The values behind the names of secrets.
 *
 * <p>They are read where a command needs them, when it needs them, and kept nowhere.
 */
@NullMarked
package dev.birgus.infra.secrets;

import org.jspecify.annotations.NullMarked;
