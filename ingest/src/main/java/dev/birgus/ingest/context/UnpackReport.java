package dev.birgus.ingest.context;

/**
 * What became of an archive.
 *
 * @param entries that were made
 * @param bytes of file content
 * @param specialFiles devices and fifos that were left out
 * @param lostAttributes entries with extended attributes, which are not kept
 * @param ownersKept whether user and group are those of the archive: only root can keep them
 */
public record UnpackReport(
    long entries, long bytes, long specialFiles, long lostAttributes, boolean ownersKept) {}
