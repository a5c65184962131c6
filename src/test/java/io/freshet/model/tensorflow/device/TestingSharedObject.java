package io.freshet.model.tensorflow.device;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest shared object (ELF64, x86-64) that the system's loader accepts: a name, the names of
 * those that it needs, and no code.
 */
final class TestingSharedObject {

    private static final int PAGE = 0x1000;
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SEGMENTS = 2;

    // tags of the dynamic section
    private static final int NEEDED = 1;
    private static final int HASH = 4;
    private static final int STRINGS = 5;
    private static final int SYMBOLS = 6;
    private static final int STRINGS_SIZE = 10;
    private static final int SYMBOL_SIZE = 11;
    private static final int SONAME = 14;

    private TestingSharedObject() {}

    /**
     * Content of the file.
     *
     * @param name that others find it by
     * @param needs names of those that must be there to load it
     */
    static byte[] named(String name, String... needs) {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        List<long[]> dynamic = new ArrayList<>();
        dynamic.add(new long[] {SONAME, add(strings, name)});
        for (String needed : needs) {
            dynamic.add(new long[] {NEEDED, add(strings, needed)});
        }
        int hash = HEADER + SEGMENTS * PROGRAM_HEADER;
        int symbols = hash + 16;
        int entries = symbols + 24;
        int sections = (dynamic.size() + 6) * 16;
        int text = entries + sections;
        dynamic.add(new long[] {HASH, hash});
        dynamic.add(new long[] {SYMBOLS, symbols});
        dynamic.add(new long[] {STRINGS, text});
        dynamic.add(new long[] {STRINGS_SIZE, strings.size()});
        dynamic.add(new long[] {SYMBOL_SIZE, 24});
        dynamic.add(new long[] {0, 0});

        int size = text + strings.size();
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 3).putShort((short) 62).putInt(1); // shared object, x86-64
        file.putLong(0).putLong(HEADER).putLong(0).putInt(0);
        file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) SEGMENTS);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        segment(file, 1, 0, size, PAGE); // load all of it
        segment(file, 2, entries, sections, 8); // its dynamic section
        file.putInt(1).putInt(1).putInt(0).putInt(0); // a hash table without symbols
        file.put(new byte[24]);
        dynamic.forEach(entry -> file.putLong(entry[0]).putLong(entry[1]));
        return file.put(strings.toByteArray()).array();
    }

    private static int add(ByteArrayOutputStream strings, String name) {
        int offset = strings.size();
        strings.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        strings.write(0);
        return offset;
    }

    private static void segment(ByteBuffer file, int type, int offset, int size, int alignment) {
        file.putInt(type).putInt(6); // readable and writable
        file.putLong(offset).putLong(offset).putLong(offset);
        file.putLong(size).putLong(size).putLong(alignment);
    }
}
