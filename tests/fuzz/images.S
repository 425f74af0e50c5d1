/* The images of geometries.py in a program, as kernel.h declares them. */

        .macro IMAGE name, file
        .section .rodata
        .balign 4
\name:  .incbin "\file"
\name\()_end:
        .data
#ifdef __LP64__
        .quad \name
#else
        .long \name
#endif
        .long \name\()_end - \name
        .balign __SIZEOF_POINTER__
        .endm

        .globl images, image_count
        .data
        .balign 8
images:
        IMAGE image_1k, "1k"
        IMAGE image_1k_groups, "1k-groups"
        IMAGE image_2k_old, "2k-old"
        IMAGE image_4k, "4k"
image_count:
        .long (image_count - images) / (2 * __SIZEOF_POINTER__)

        .section .note.GNU-stack, "", @progbits
