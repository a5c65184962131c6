package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Sha256Test {

    /** FIPS 180-2, appendix B.1. */
    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /** FIPS 180-2, appendix B.3: a million times "a". */
    private static final String MILLION =
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    @Test
    void bytesAndTextsHaveTheDigestOfTheStandard() {
        assertThat(Sha256.of(new byte[] {'a', 'b', 'c'})).isEqualTo(ABC);
        assertThat(Sha256.of("abc")).isEqualTo(ABC);
    }

    @Test
    void textsAreDigestedInUtf8() {
        assertThat(Sha256.of("é")).isEqualTo(Sha256.of(new byte[] {(byte) 0xc3, (byte) 0xa9}));
    }

    @Test
    void streamIsReadToItsEndAndCopied() throws IOException {
        byte[] bytes = new byte[1_000_000];
        Arrays.fill(bytes, (byte) 'a');
        ByteArrayOutputStream copy = new ByteArrayOutputStream();

        Sha256.Digest digest = Sha256.copying(new ByteArrayInputStream(bytes), copy);

        assertThat(digest).isEqualTo(new Sha256.Digest(1_000_000, MILLION));
        assertThat(copy.toByteArray()).isEqualTo(bytes);
        assertThat(Sha256.of(new ByteArrayInputStream(bytes))).isEqualTo(digest);
    }
}
