package io.freshet.store;

/**
 * One file of a model version.
 *
 * @param path path below the version's directory, separated by {@code /}
 * @param size length in bytes
 * @param sha256 SHA-256 of the content, 64 hexadecimal digits in lower case
 */
public record FileEntry(String path, long size, String sha256) {}
