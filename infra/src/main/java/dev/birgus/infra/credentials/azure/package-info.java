/**
 * Who we are to Azure's registries, by the few calls that takes.
 *
 * <p>A token of Microsoft Entra is exchanged for one of the registry; both are kept in memory only.
 */
@NullMarked
package dev.birgus.infra.credentials.azure;

import org.jspecify.annotations.NullMarked;
