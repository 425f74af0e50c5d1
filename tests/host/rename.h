/* Gives the standard names that lib/ defines other names on the host, so that ours are tested and
   the C library keeps its own. */
#ifndef TESTS_HOST_RENAME_H
#define TESTS_HOST_RENAME_H

#define memcpy    quire_memcpy
#define memmove   quire_memmove
#define memset    quire_memset
#define memcmp    quire_memcmp
#define memchr    quire_memchr
#define strcmp    quire_strcmp
#define strncmp   quire_strncmp
#define strchr    quire_strchr
#define strrchr   quire_strrchr
#define strstr    quire_strstr
#define strlen    quire_strlen
#define strnlen   quire_strnlen
#define strlcpy   quire_strlcpy
#define strlcat   quire_strlcat
#define strtok_r  quire_strtok_r
#define strspn    quire_strspn
#define strcspn   quire_strcspn
#define vsnprintf quire_vsnprintf
#define snprintf  quire_snprintf
#define strtod    quire_strtod
#define atof      quire_atof

#endif
