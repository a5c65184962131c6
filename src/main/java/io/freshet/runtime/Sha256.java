package io.freshet.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests as 64 hexadecimal digits in lower case. */
public final class Sha256 {

    private static final int BUFFER_BYTES = 1 << 16;

    private Sha256() {}

    /**
     * What a stream contained.
     *
     * @param size bytes
     * @param sha256 64 hexadecimal digits
     */
    public record Digest(long size, String sha256) {}

    /** Digest of bytes. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes));
    }

    /** Digest of a text in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a stream to its end. */
    public static Digest of(InputStream in) throws IOException {
        return copying(in, OutputStream.nullOutputStream());
    }

    /** Reads a stream to its end, and copies it on the way; closes neither. */
    public static Digest copying(InputStream in, OutputStream out) throws IOException {
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

    /** A new digest, for streams that are read or written piece by piece. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
