/*
 * The annotations that newer Windows sources put on parameters, all empty: part of <windows.h> for code ported to
 * POSIX.
 *
 * Only those that people write by hand are here.
 */
#ifndef SHSHARED_WIN32_SAL_H
#define SHSHARED_WIN32_SAL_H

#define _Use_decl_annotations_
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(count)
#define _In_reads_bytes_(size)
#define _In_reads_bytes_opt_(size)
#define _Inout_
#define _Inout_opt_
#define _Inout_updates_(count)
#define _Inout_updates_bytes_(size)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_bytes_(size)
#define _Outptr_
#define _Outptr_result_maybenull_
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Success_(condition)
#define _Check_return_
#define _Must_inspect_result_
#define _Frees_ptr_opt_
#define _Reserved_
#define _In_range_(low, high)
#define _In_reads_or_z_(count)
#define _Inout_opt_z_
#define _Inout_z_
#define _Out_writes_z_(count)
#define _Out_writes_opt_(count)
#define _Out_writes_to_(count, used)
#define _Outptr_opt_
#define _COM_Outptr_
#define _Pre_notnull_
#define _Post_invalid_
#define _When_(condition, annotations)
#define _Analysis_assume_(condition)

#endif
