package io.freshet.replay.input.csv;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The text of a file in UTF-8, with or without a byte order mark, plain or compressed by gzip;
 * which of the two is found by its first bytes, whatever its name.
 */
final class CsvText {

    private static final int BUFFER = 1 << 16;
    private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private CsvText() {}

    /**
     * Opens a file behind its byte order mark, and with {@link CsvRows#LAST_ROW} behind its end.
     *
     * @throws CsvFormatException if it is not there, no regular file, or in UTF-16
     */
    static Reader open(Path file) throws IOException {
        requireRegular(file);
        InputStream bytes = bytes(file);
        try {
            bytes.mark(UTF8_MARK.length);
            byte[] first = bytes.readNBytes(UTF8_MARK.length);
            if (isUtf16(first)) {
                throw CsvFormatException.unreadable(
                        "%s: found UTF-16, expected UTF-8, as 'iconv -f UTF-16 -t UTF-8' makes it"
                                .formatted(file));
            }
            if (!Arrays.equals(first, UTF8_MARK)) {
                bytes.reset();
            }
            InputStream last =
                    new ByteArrayInputStream(CsvRows.LAST_ROW.getBytes(StandardCharsets.UTF_8));
            return new InputStreamReader(
                    new SequenceInputStream(bytes, last), StandardCharsets.UTF_8.newDecoder());
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    /**
     * Reads a file to its end, where reading it as CSV failed.
     *
     * @throws CsvFormatException if its bytes are at fault: it is damaged gzip, or else not UTF-8
     */
    static void requireSound(Path file) throws IOException {
        try (InputStream bytes = bytes(file)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        } catch (ZipException | EOFException e) {
            throw CsvFormatException.unreadable(
                    "%s: found a damaged gzip (%s), expected a whole one; 'gzip -t' checks it"
                            .formatted(file, e.getMessage()));
        }
        try (InputStream bytes = bytes(file)) {
            requireUtf8(file, bytes);
        }
    }

    private static void requireRegular(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw CsvFormatException.unreadable(file + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw CsvFormatException.unreadable(
                    "%s: found a %s, expected a regular file, because it is read several times"
                            .formatted(
                                    file,
                                    Files.isDirectory(file) ? "directory" : "pipe or device"));
        }
    }

    private static InputStream bytes(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        bytes.mark(2);
        boolean compressed = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        try {
            return compressed
                    ? new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER)
                    : bytes;
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    /** By a byte order mark, or by a first character below 256. */
    private static boolean isUtf16(byte[] first) {
        if (first.length < 2) {
            return false;
        }
        int unit = (first[0] & 0xff) << 8 | first[1] & 0xff;
        return unit == 0xfeff || unit == 0xfffe || first[0] == 0 ^ first[1] == 0;
    }

    private static void requireUtf8(Path file, InputStream in) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer chars = CharBuffer.allocate(BUFFER); // enough: each unit has a byte or more
        long line = 1;
        boolean ended = false;
        while (!ended) {
            int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            ended = read < 0;
            bytes.position(bytes.position() + Math.max(read, 0)).flip();
            CoderResult result = decoder.decode(bytes, chars, ended);
            line += chars.flip().chars().filter(unit -> unit == '\n').count();
            if (result.isError()) {
                throw CsvFormatException.unreadable(
                        ("%s: line %d is not UTF-8, found byte 0x%02x, expected UTF-8, as 'iconv"
                                        + " -f WINDOWS-1252 -t UTF-8' makes it of a Windows file")
                                .formatted(file, line, bytes.get(bytes.position())));
            }
            bytes.compact();
            chars.clear();
        }
    }
}
