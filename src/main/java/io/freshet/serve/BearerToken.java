package io.freshet.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The secret that clients send with each request. It is in no message and no log. */
public final class BearerToken {

    private static final String SCHEME = "Bearer ";
    private static final int SHORTEST = 16;
    private static final int LONGEST = 4096;

    /** The token68 of RFC 9110. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final byte[] secret;

    /**
     * @throws IllegalArgumentException if it is too short or too long, or has other characters than
     *     a header takes
     */
    BearerToken(String secret) {
        if (secret.length() < SHORTEST
                || secret.length() > LONGEST
                || !FORM.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                    "found no such token in %d characters, expected one of %d to %d letters, digits and ._~+/-, on one line"
                            .formatted(secret.length(), SHORTEST, LONGEST));
        }
        this.secret = secret.getBytes(UTF_8);
    }

    /**
     * Reads the token of a file, without blanks and line breaks around it.
     *
     * @throws IOException if there is none; the message repeats nothing of the file
     */
    public static BearerToken read(Path file) throws IOException {
        try {
            return new BearerToken(Files.readString(file, UTF_8).strip());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "--token-file: found no file %s, expected one with a token".formatted(file));
        } catch (IllegalArgumentException e) {
            throw new IOException("--token-file: %s: %s".formatted(file, e.getMessage()));
        }
    }

    /**
     * Whether a request has it. What this takes depends on the header's length alone.
     *
     * @param authorization the request's header, null for none
     */
    boolean isIn(@Nullable String authorization) {
        if (authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] found = authorization.substring(SCHEME.length()).strip().getBytes(UTF_8);
        return MessageDigest.isEqual(secret, found);
    }

    @Override
    public String toString() {
        return "a token";
    }
}
