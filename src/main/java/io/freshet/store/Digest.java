package io.freshet.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Size and SHA-256 of a stream. */
record Digest(long size, String sha256) {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Reads a stream to its end, and copies it on the way. */
    static Digest copying(InputStream in, OutputStream out) throws IOException {
        MessageDigest sha256 = newDigest();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sha256.update(buffer, 0, read);
            out.write(buffer, 0, read);
            size += read;
        }
        return new Digest(size, HexFormat.of().formatHex(sha256.digest()));
    }

    /** Reads a stream to its end. */
    static Digest of(InputStream in) throws IOException {
        return copying(in, OutputStream.nullOutputStream());
    }

    /** SHA-256 of a text in UTF-8, 64 hexadecimal digits in lower case. */
    static String ofText(String text) {
        return HexFormat.of().formatHex(newDigest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
