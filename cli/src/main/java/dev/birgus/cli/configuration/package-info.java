/**
 * What a server can be told, by a file, by variables and by flags, as one table.
 *
 * <p>Parser, help and documentation are made from the table; services get records.
 */
@NullMarked
package dev.birgus.cli.configuration;

import org.jspecify.annotations.NullMarked;
