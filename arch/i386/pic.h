/* The two 8259 interrupt controllers. */
#ifndef ARCH_I386_PIC_H
#define ARCH_I386_PIC_H

#include <stdbool.h>

#define PIC_IRQS 16

/* Makes IRQ n raise vector VECTOR_BASE + n, all masked. */
void pic_init(unsigned vector_base);
/* Lets IRQ through. */
void pic_unmask(unsigned irq);
/* Tells the controllers that IRQ was taken; false if there was none: a request that went away
   before the processor asked for its number shows as the last IRQ of its controller. */
bool pic_acknowledge(unsigned irq);

#endif
